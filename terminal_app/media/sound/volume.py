"""How loud the agent's sound is played, up to a limit that the ear and the loudspeaker bear (clause 9.4.5). Pure."""

from __future__ import annotations

import numpy as np

from device_drivers.contract.audio import Samples
from terminal_app.ipc.call_messages import VOLUME_MAX, VOLUME_MIN, VOLUME_USUAL

STEP_DB = 5.0  # heard as clearly louder
CEILING = 32_767 * 10 ** (-1 / 20)  # 1 dB below the largest sample, however loud


def amplified(samples: Samples, volume: int) -> Samples:
    """0: silence; the usual volume: as it came; a step more: 5 dB louder, bent, not cut, near the ceiling."""
    if volume < VOLUME_MIN:
        return np.zeros_like(samples)
    if volume == VOLUME_USUAL:
        return samples
    louder = samples.astype(np.float32) * 10 ** ((min(volume, VOLUME_MAX) - VOLUME_USUAL) * STEP_DB / 20)
    if volume > VOLUME_USUAL:
        louder = CEILING * np.tanh(louder / CEILING)
    return louder.astype(np.int16)
