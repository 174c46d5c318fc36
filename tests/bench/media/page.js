// One end of a call in a browser: a stamped picture is sent, the stamps of what comes are read. `stamps.py` says how.
(() => {
  const SQUARE = 40, TIME_BITS = 20, BITS = 24, CYCLE_MS = 1 << TIME_BITS;
  const now = () => performance.timeOrigin + performance.now();
  const bench = (window.bench = { times: [], ages: [], sizes: [], firstAt: 0, sound: [] });

  function bitsOf(atMs) {
    const value = Math.floor(atMs) % CYCLE_MS;
    let check = 0;
    for (let shift = 0; shift < TIME_BITS; shift += 4) check += (value >> shift) & 15;
    const bits = [];
    for (let bit = TIME_BITS - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
    for (let bit = 3; bit >= 0; bit--) bits.push((check >> bit) & 1);
    return bits;
  }

  bench.open = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 1280;
    canvas.height = 720;
    const pen = canvas.getContext("2d", { willReadFrequently: false });
    const room = document.createElement("canvas");
    room.width = 1280;
    room.height = 720;
    const brush = room.getContext("2d");
    let seed = 1;
    const chance = () => ((seed = (seed * 48271) % 2147483647) / 2147483647);
    for (let x = 0; x < 64; x++)
      for (let y = 0; y < 36; y++) {
        brush.fillStyle = `rgb(${40 + chance() * 176},${40 + chance() * 176},${40 + chance() * 176})`;
        brush.fillRect(x * 20, y * 20, 20, 20);
      }
    const track = canvas.captureStream(0).getVideoTracks()[0];
    let number = 0;
    const draw = () => {
      const at = (8 * number++) % 1280;
      pen.drawImage(room, at, 0);
      pen.drawImage(room, at - 1280, 0);
      bitsOf(now()).forEach((bit, place) => {
        pen.fillStyle = bit ? "rgb(228,228,228)" : "rgb(28,28,28)";
        pen.fillRect(place * SQUARE, 0, SQUARE, SQUARE);
      });
      track.requestFrame();
    };
    bench.draw = (on) => {
      clearInterval(bench.drawing);
      if (on) bench.drawing = setInterval(draw, 1000 / 30);
    };
    const sound = new AudioContext({ sampleRate: 48000 });
    const tone = new OscillatorNode(sound, { frequency: 1000 });
    const out = new MediaStreamAudioDestinationNode(sound);
    tone.connect(new GainNode(sound, { gain: 0.1 })).connect(out);
    tone.start();
    bench.stream = new MediaStream([track, out.stream.getAudioTracks()[0]]);
  };

  function watch(stream) {
    const video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    video.autoplay = true;
    video.srcObject = stream;
    const strip = new OffscreenCanvas(BITS * 4, 4);
    const pen = strip.getContext("2d", { willReadFrequently: true });
    const look = () => {
      if (!video.isConnected) return; // a picture of a call that is over
      const at = now();
      bench.firstAt ||= at;
      bench.times.push(at);
      bench.sizes.push(video.videoHeight);
      const scale = video.videoWidth / 1280;
      pen.drawImage(video, 0, 0, BITS * SQUARE * scale, SQUARE * scale, 0, 0, BITS * 4, 4);
      const pixels = pen.getImageData(0, 0, BITS * 4, 4).data;
      let value = 0;
      const bits = [];
      for (let place = 0; place < BITS; place++) bits.push(pixels[4 * (2 * BITS * 4 + place * 4 + 2) + 1] > 128 ? 1 : 0);
      for (const bit of bits.slice(0, TIME_BITS)) value = value * 2 + bit;
      if (bitsOf(value).join() === bits.join()) bench.ages.push((Math.floor(at) - value + CYCLE_MS) % CYCLE_MS);
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }

  // Only in a call of its own: the other pair of ends is measured on the same processor.
  bench.peer = (servers) => {
    bench.draw(true);
    const peer = (bench.connection = new RTCPeerConnection({ iceServers: servers }));
    peer.onicecandidate = (event) => window.candidate(JSON.stringify(event.candidate));
    peer.ontrack = ({ track, streams }) => track.kind === "video" && watch(streams[0]);
    return peer;
  };
  bench.offer = async (servers) => {
    const peer = bench.peer(servers);
    for (const track of bench.stream.getTracks()) peer.addTrack(track, bench.stream);
    await peer.setLocalDescription();
    return peer.localDescription.sdp;
  };
  bench.answer = async (servers, sdp) => {
    const peer = bench.peer(servers);
    await peer.setRemoteDescription({ type: "offer", sdp });
    for (const track of bench.stream.getTracks()) peer.addTrack(track, bench.stream);
    await peer.setLocalDescription();
    return peer.localDescription.sdp;
  };
  bench.accept = (sdp) => bench.connection.setRemoteDescription({ type: "answer", sdp });
  bench.candidate = (candidate) => bench.connection.addIceCandidate(candidate).catch(() => {});
  bench.end = () => {
    bench.draw(false);
    bench.connection?.close();
    document.querySelectorAll("video").forEach((video) => video.remove());
    Object.assign(bench, { times: [], ages: [], sizes: [], firstAt: 0, connection: null });
  };
})();
