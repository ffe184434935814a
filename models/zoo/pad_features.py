"""The 194 features of the P-A-D network: statistics of a window, all in numpy.

Conventions
-----------
A window of samples at 24 kHz in, one vector out. The window is first brought to a mean power of 1
(the paper normalises its pieces), so that no feature knows the volume. Frames of `N_FFT` samples
every `HOP_LENGTH`. The paper says "14 features, such as maximum tone, tone standard deviation,
average MFCC" and an input of 194 values, not which; this is the one division of its extractor's
list that gives both numbers (8 scalars and 6 kinds of vector):

=====================  ======  =================================================================
part                   width   meaning
=====================  ======  =================================================================
pitch max, mean, std   3       strongest spectral peak of each frame, octaves re 440 Hz
tuning                 1       most frequent deviation of the peaks from equal temperament,
                               semitones, -0.5..0.5
flatness               1       mean of geometric over arithmetic mean of the power spectrum
zcr                    1       zero crossings a sample
rms                    1       mean over frames of the root mean square
centroid               1       mean spectral centroid, kHz
mfcc mean, std, max    3 x 13  cepstrum of the mel bands in dB
chroma                 12      mean share of each pitch class
mel                    128     mean of the mel bands in dB
contrast               7       mean peak over valley of six octaves and what lies below, dB
=====================  ======  =================================================================

Sources: librosa's definitions (peaks of ``piptrack``, ``spectral_contrast`` after D.-N. Jiang et
al. 2002), which the paper used; chroma as the share of magnitude of the bins nearest to each pitch
class. Neighbours in the vector are related only inside mel and MFCC: the convolution over it is the
paper's idea.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from models.zoo.mel import MelSpectrogram, cepstrum, decibels, power_spectra
from models.zoo.window import SAMPLE_RATE, unit_power

N_FFT = 2048
HOP_LENGTH = 1024
N_MFCC = 13
N_MELS = 128
PARTS = (
    ("pitch", 3),
    ("tuning", 1),
    ("flatness", 1),
    ("zcr", 1),
    ("rms", 1),
    ("centroid", 1),
    ("mfcc mean", N_MFCC),
    ("mfcc std", N_MFCC),
    ("mfcc max", N_MFCC),
    ("chroma", 12),
    ("mel", N_MELS),
    ("contrast", 7),
)
"""Names and widths of the parts of the vector, in order."""
WIDTH = sum(width for _, width in PARTS)
PITCH_HZ = (150.0, 4000.0)
"""Where the strongest peak is looked for, Hz."""
CONTRAST_HZ = 200.0
"""Upper edge of the lowest band of the contrast; five octaves and the rest follow."""
_QUANTILE = 0.02
_PEAK_SHARE = 0.1  # of the frame's strongest bin: what is weaker is no pitch


@cache
def _mel() -> MelSpectrogram:
    return MelSpectrogram(SAMPLE_RATE, N_FFT, HOP_LENGTH, N_MELS, 0.0, SAMPLE_RATE / 2)


@cache
def _bins_hz() -> np.ndarray:
    """Frequency of each bin, shape=(N_FFT // 2 + 1,), float32."""
    return np.fft.rfftfreq(N_FFT, 1.0 / SAMPLE_RATE).astype(np.float32)


@cache
def _pitch_classes() -> np.ndarray:
    """Share of each bin in each pitch class, C first, shape=(N_FFT // 2 + 1, 12), float32."""
    hz = _bins_hz()
    shares = np.zeros((len(hz), 12), dtype=np.float32)
    heard = np.flatnonzero((hz >= 100.0) & (hz <= 5000.0))
    classes = np.round(12.0 * np.log2(hz[heard] / 440.0) + 9.0).astype(int) % 12
    shares[heard, classes] = 1.0
    return shares


def describe(samples: np.ndarray) -> np.ndarray:
    """Features of a window, shape=(WIDTH,), float32.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
        At 24 kHz, `N_FFT` samples at least.

    Raises
    ------
    ValueError
        The window is shorter than a frame.
    """
    samples = unit_power(samples)
    spectra = power_spectra(samples, N_FFT, HOP_LENGTH)
    magnitude = np.sqrt(spectra)
    total = np.maximum(magnitude.sum(axis=1), 1e-9)
    mel = decibels(_mel().join(spectra))
    mfcc = cepstrum(mel, N_MFCC)
    parts = (
        tones(magnitude),
        (flatness(spectra), zero_crossings(samples), frame_rms(samples)),
        ((magnitude @ _bins_hz() / total).mean() / 1000.0,),
        mfcc.mean(axis=0),
        mfcc.std(axis=0),
        mfcc.max(axis=0),
        chroma(magnitude),
        mel.mean(axis=0),
        contrast(magnitude).mean(axis=0),
    )
    return np.concatenate(parts).astype(np.float32)


def strongest_peaks(magnitude: np.ndarray) -> np.ndarray:
    """Frequency of the strongest spectral peak of each frame that has one, Hz, shape=(n,).

    A peak is higher than its neighbours and than a tenth of the frame's strongest bin, within
    `PITCH_HZ`; a parabola through its neighbours places it between bins.

    Parameters
    ----------
    magnitude : np.ndarray, shape=(n_frames, N_FFT // 2 + 1)
    """
    hz = _bins_hz()
    low, high = np.searchsorted(hz, PITCH_HZ)
    here = magnitude[:, low:high]
    left, right = magnitude[:, low - 1 : high - 1], magnitude[:, low + 1 : high + 1]
    limit = _PEAK_SHARE * magnitude.max(axis=1, keepdims=True)
    peaks = np.where((here > left) & (here >= right) & (here > limit), here, 0.0)
    best = peaks.argmax(axis=1)
    frames = np.flatnonzero(peaks[np.arange(len(peaks)), best] > 0.0)
    best = best[frames]
    a, b, c = left[frames, best], here[frames, best], right[frames, best]
    curvature = a - 2.0 * b + c
    shift = np.divide(0.5 * (a - c), curvature, out=np.zeros_like(b), where=curvature < 0.0)
    return (low + best + shift) * (SAMPLE_RATE / N_FFT)


def tones(magnitude: np.ndarray) -> np.ndarray:
    """Pitch max, mean and deviation in octaves re 440 Hz, and tuning in semitones, shape=(4,)."""
    pitches = strongest_peaks(magnitude)
    if not len(pitches):
        return np.zeros(4, dtype=np.float32)
    octaves = np.log2(pitches / 440.0)
    rest = np.mod(12.0 * octaves + 0.5, 1.0) - 0.5
    counts, edges = np.histogram(rest, bins=50, range=(-0.5, 0.5))
    tuning = edges[int(counts.argmax())] + 0.01
    return np.asarray([octaves.max(), octaves.mean(), octaves.std(), tuning])


def flatness(spectra: np.ndarray) -> float:
    """Mean over frames of geometric over arithmetic mean of the power, 0 (tones) .. 1 (noise)."""
    power = np.maximum(spectra, 1e-10)
    return float((np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)).mean())


def zero_crossings(samples: np.ndarray) -> float:
    """Changes of sign a sample."""
    return float(np.mean(np.diff(np.signbit(samples))))


def frame_rms(samples: np.ndarray) -> float:
    """Mean over frames of `HOP_LENGTH` samples of the root mean square."""
    whole = len(samples) // HOP_LENGTH * HOP_LENGTH
    frames = samples[:whole].reshape(-1, HOP_LENGTH)
    return float(np.sqrt(np.mean(np.square(frames), axis=1)).mean())


def chroma(magnitude: np.ndarray) -> np.ndarray:
    """Mean over frames of the share of each pitch class, C first, shape=(12,), sum 1."""
    classes = magnitude @ _pitch_classes()
    return (classes / np.maximum(classes.sum(axis=1, keepdims=True), 1e-9)).mean(axis=0)


def contrast(magnitude: np.ndarray) -> np.ndarray:
    """Peak over valley of each band in each frame, dB, shape=(n_frames, 7).

    Peak and valley are the means of the strongest and of the weakest 2 % of the band's bins, one
    bin at least. Bands: 0-200 Hz, five octaves above, and the rest; each takes its neighbour's
    edge bin along, as librosa's do.
    """
    hz = _bins_hz()
    edges = [0.0, *(CONTRAST_HZ * 2.0**i for i in range(7))]
    result = np.zeros((len(magnitude), 7), dtype=np.float32)
    for band in range(7):
        inside = np.flatnonzero((hz >= edges[band]) & (hz <= edges[band + 1]))
        start = inside[0] - 1 if band > 0 else inside[0]
        stop = len(hz) if band == 6 else inside[-1] + 1
        count = stop - start
        bins = magnitude[:, start : stop if band == 6 else stop - 1]
        few = max(round(_QUANTILE * count), 1)
        ordered = np.partition(bins, (few - 1, bins.shape[1] - few), axis=1)
        valley, peak = ordered[:, :few].mean(axis=1), ordered[:, -few:].mean(axis=1)
        result[:, band] = decibels(peak) - decibels(valley)
    return result
