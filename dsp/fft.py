"""Power spectra of real frames: our own real FFT in numba.

Conventions
-----------
In: a stretch of samples that holds overlapping frames (`dsp.framing`), float32. Out: ``|X|²``,
shape (n_frames, n_fft // 2 + 1), float32, not scaled: equal to ``np.abs(np.fft.rfft(window *
frame)) ** 2``. The window is periodic (Hann by default). ``n_fft`` is a power of two, 32 or more.

Method
------
A real frame of N samples is a complex signal of M = N / 2 (even samples real, odd samples
imaginary). Its transform is done in four steps (Bailey 1990) on an R × C matrix, R · C = M:
transform the columns, twiddle, transpose, transform the columns again. Each column transform is a
Stockham radix-4 (and at most one radix-2) sequence that runs over *all* columns at once, so that
every inner loop walks over contiguous values and the compiler can use vector instructions. The last
step separates the spectra of even and odd samples and takes the power.

Real and imaginary parts are separate arrays. All tables are computed in float64 and rounded once.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel


@kernel(reorder=True)
def _radix4(xr, xi, yr, yi, n, s, cos, sin):
    """Stockham pass: ``n`` points per column left, ``s`` contiguous values per point.

    With m = n/4 and w = exp(-2πi p/n): the butterfly of points p, p+m, p+2m, p+3m goes to the
    points 4p, 4p+1, 4p+2, 4p+3.
    """
    m = n // 4
    for p in range(m):
        w1r, w1i = cos[p], sin[p]
        w2r, w2i = cos[2 * p], sin[2 * p]
        w3r, w3i = cos[3 * p], sin[3 * p]
        a, b, c, d = s * p, s * (p + m), s * (p + 2 * m), s * (p + 3 * m)
        # slices: from 0 on, the compiler knows that no index wraps around, and uses vectors
        ar, ai = xr[a : a + s], xi[a : a + s]
        br, bi = xr[b : b + s], xi[b : b + s]
        cr, ci = xr[c : c + s], xi[c : c + s]
        dr, di = xr[d : d + s], xi[d : d + s]
        o = 4 * s * p
        o0r, o0i = yr[o : o + s], yi[o : o + s]
        o1r, o1i = yr[o + s : o + 2 * s], yi[o + s : o + 2 * s]
        o2r, o2i = yr[o + 2 * s : o + 3 * s], yi[o + 2 * s : o + 3 * s]
        o3r, o3i = yr[o + 3 * s : o + 4 * s], yi[o + 3 * s : o + 4 * s]
        for q in range(s):
            sum_ac_r = ar[q] + cr[q]
            sum_ac_i = ai[q] + ci[q]
            dif_ac_r = ar[q] - cr[q]
            dif_ac_i = ai[q] - ci[q]
            sum_bd_r = br[q] + dr[q]
            sum_bd_i = bi[q] + di[q]
            dif_bd_r = br[q] - dr[q]
            dif_bd_i = bi[q] - di[q]
            o0r[q] = sum_ac_r + sum_bd_r
            o0i[q] = sum_ac_i + sum_bd_i
            ur = dif_ac_r + dif_bd_i
            ui = dif_ac_i - dif_bd_r
            o1r[q] = w1r * ur - w1i * ui
            o1i[q] = w1r * ui + w1i * ur
            ur = sum_ac_r - sum_bd_r
            ui = sum_ac_i - sum_bd_i
            o2r[q] = w2r * ur - w2i * ui
            o2i[q] = w2r * ui + w2i * ur
            ur = dif_ac_r - dif_bd_i
            ui = dif_ac_i + dif_bd_r
            o3r[q] = w3r * ur - w3i * ui
            o3i[q] = w3r * ui + w3i * ur


@kernel(reorder=True)
def _radix2(xr, xi, yr, yi, s):
    """Last Stockham pass of an odd power of two: two points per column, no twiddle."""
    for q in range(s):
        yr[q] = xr[q] + xr[s + q]
        yi[q] = xi[q] + xi[s + q]
        yr[s + q] = xr[q] - xr[s + q]
        yi[s + q] = xi[q] - xi[s + q]


@kernel(reorder=True)
def _columns(xr, xi, yr, yi, n, s, tables):
    """Transform ``s`` interleaved columns of ``n`` points. Returns True if the result is in y."""
    swapped = False
    row = 0
    while n >= 4:
        if swapped:
            _radix4(yr, yi, xr, xi, n, s, tables[row], tables[row + 1])
        else:
            _radix4(xr, xi, yr, yi, n, s, tables[row], tables[row + 1])
        swapped = not swapped
        n //= 4
        s *= 4
        row += 2
    if n == 2:
        if swapped:
            _radix2(yr, yi, xr, xi, s)
        else:
            _radix2(xr, xi, yr, yi, s)
        swapped = not swapped
    return swapped


@kernel(reorder=True)
def _twiddle_transpose(xr, xi, yr, yi, rows, columns, twiddle_r, twiddle_i):
    """y[k + rows·c] = x[c + columns·k] · exp(-2πi c·k / M)."""
    for c in range(columns):
        for k in range(rows):
            i = c + columns * k
            j = k + rows * c
            yr[j] = xr[i] * twiddle_r[j] - xi[i] * twiddle_i[j]
            yi[j] = xr[i] * twiddle_i[j] + xi[i] * twiddle_r[j]


@kernel(reorder=True)
def _separate_power(zr, zi, cos, sin, out):
    """Spectra of even and odd samples from the packed one, combined, squared.

    With E = (Z[k] + Z*[M-k]) / 2 and O = (Z[k] - Z*[M-k]) / 2i: X[k] = E + exp(-2πi k/N) O and
    X[M-k] = E* - exp(+2πi k/N) O*.
    """
    m = zr.shape[0]
    half = np.float32(0.5)
    total = zr[0] + zi[0]
    difference = zr[0] - zi[0]
    out[0] = total * total
    out[m] = difference * difference
    for k in range(1, m // 2 + 1):
        er = half * (zr[k] + zr[m - k])
        ei = half * (zi[k] - zi[m - k])
        o_r = half * (zi[k] + zi[m - k])
        oi = half * (zr[m - k] - zr[k])
        tr = cos[k] * o_r - sin[k] * oi
        ti = cos[k] * oi + sin[k] * o_r
        out[k] = (er + tr) * (er + tr) + (ei + ti) * (ei + ti)
        out[m - k] = (er - tr) * (er - tr) + (ei - ti) * (ei - ti)


@kernel(reorder=True)
def _power(
    stretch,
    hop,
    window_even,
    window_odd,
    rows,
    columns,
    tables_r,
    tables_c,
    twiddle,
    split,
    work,
    out,
):
    ar, ai, br, bi = work[0], work[1], work[2], work[3]
    m = window_even.shape[0]
    for f in range(out.shape[0]):
        frame = stretch[f * hop : f * hop + 2 * m]
        for i in range(m):
            ar[i] = frame[2 * i] * window_even[i]
            ai[i] = frame[2 * i + 1] * window_odd[i]
        if _columns(ar, ai, br, bi, rows, columns, tables_r):
            _twiddle_transpose(br, bi, ar, ai, rows, columns, twiddle[0], twiddle[1])
            in_b = _columns(ar, ai, br, bi, columns, rows, tables_c)
        else:
            _twiddle_transpose(ar, ai, br, bi, rows, columns, twiddle[0], twiddle[1])
            in_b = not _columns(br, bi, ar, ai, columns, rows, tables_c)
        if in_b:
            _separate_power(br, bi, split[0], split[1], out[f])
        else:
            _separate_power(ar, ai, split[0], split[1], out[f])


def build_hann(n_fft: int) -> np.ndarray:
    """Build the periodic Hann window, shape=(n_fft,), float64."""
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)


def _build_pass_tables(n: int) -> np.ndarray:
    """Twiddles of all radix-4 passes of ``n`` points: rows cos, -sin, cos, -sin, …"""
    rows: list[np.ndarray] = []
    width = max(3 * n // 4, 1)
    while n >= 4:
        angle = -2.0 * np.pi * np.arange(width) / n
        rows += [np.cos(angle), np.sin(angle)]
        n //= 4
    return np.asarray(rows or [np.zeros(width)], dtype=np.float32)


class PowerSpectrum:
    """Windowed power spectra of frames of one length.

    Parameters
    ----------
    n_fft : int
        Frame length, a power of two, 32 or more.
    hop_length : int
        Distance of frames, samples.
    window : np.ndarray, shape=(n_fft,), optional
        Analysis window; periodic Hann by default.
    max_frames : int
        Most frames that `push` will be given.

    Raises
    ------
    ValueError
        ``n_fft`` no power of two, or a window of another length.
    """

    delay = 0

    def __init__(
        self,
        n_fft: int,
        hop_length: int,
        window: np.ndarray | None = None,
        max_frames: int = 72,
    ) -> None:
        if n_fft < 32 or n_fft & (n_fft - 1):
            raise ValueError(f"n_fft must be a power of two, 32 or more, not {n_fft}")
        window = build_hann(n_fft) if window is None else np.asarray(window, dtype=np.float64)
        if window.shape != (n_fft,):
            raise ValueError(f"window has shape {window.shape}, expected ({n_fft},)")
        if hop_length < 1:
            raise ValueError(f"hop_length must be 1 or more, not {hop_length}")
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.n_bins = n_fft // 2 + 1
        m = n_fft // 2
        rows = 1 << ((m.bit_length() - 1) // 2)
        columns = m // rows
        grid = np.outer(np.arange(columns), np.arange(rows)).ravel()
        angle = -2.0 * np.pi * grid / m
        fold = -2.0 * np.pi * np.arange(m // 2 + 1) / n_fft
        self._tables = (
            np.ascontiguousarray(window[0::2], dtype=np.float32),
            np.ascontiguousarray(window[1::2], dtype=np.float32),
            rows,
            columns,
            _build_pass_tables(rows),
            _build_pass_tables(columns),
            np.asarray([np.cos(angle), np.sin(angle)], dtype=np.float32),
            np.asarray([np.cos(fold), np.sin(fold)], dtype=np.float32),
        )
        self._work = np.zeros((4, m), dtype=np.float32)
        self._out = np.zeros((max_frames, self.n_bins), dtype=np.float32)
        self.push(np.zeros(n_fft, dtype=np.float32))

    def push(self, stretch: np.ndarray) -> np.ndarray:
        """Transform all frames of a stretch.

        Parameters
        ----------
        stretch : np.ndarray, shape=(n_fft + (n_frames - 1) * hop_length,), float32
            As `Framing.push` returns it; shorter than ``n_fft`` it holds no frame.

        Returns
        -------
        np.ndarray, shape=(n_frames, n_fft // 2 + 1), float32
            ``|X|²``; a view, valid until the next push.

        Raises
        ------
        ValueError
            More frames than ``max_frames``.
        """
        n_frames = max((len(stretch) - self.n_fft) // self.hop_length + 1, 0)
        if n_frames > len(self._out):
            raise ValueError(f"{n_frames} frames are more than max_frames {len(self._out)}")
        out = self._out[:n_frames]
        if n_frames:
            _power(stretch, self.hop_length, *self._tables, self._work, out)
        return out

    def reset(self) -> None:
        """Do nothing: a spectrum remembers nothing."""
