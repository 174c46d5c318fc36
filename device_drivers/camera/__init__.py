"""Cameras by URL, and the codes in their pictures. Opened by the media process alone."""

import os

# How long OpenCV waits for a V4L2 frame (its own default is 10 s); read by the library when it is first loaded.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")
