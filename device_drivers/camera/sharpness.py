"""How sharp a picture is, so that the sharpest of several is kept and a hand that shakes is noticed. Pure."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

WIDTH_PX = 640  # every picture is measured at this width, so that cameras compare
NOISE_SIGMA = 1.0  # what is finer than this is the sensor's noise


def sharpness(pixels: npt.NDArray[np.uint8]) -> float:
    """Variance of the Laplacian over the variance of the picture: 0 is blank, light and contrast hardly matter.

    Comparable between pictures of one scene; a limit for "sharp enough" belongs to the place of the camera.
    """
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    height = max(2, round(grey.shape[0] * WIDTH_PX / grey.shape[1]))
    small = cv2.resize(grey, (WIDTH_PX, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    calm = np.asarray(cv2.GaussianBlur(small, (0, 0), NOISE_SIGMA), np.float32)
    spread = float(calm.var())
    return float(cv2.Laplacian(calm, cv2.CV_32F).var()) / spread if spread > 1.0 else 0.0
