"""Checks of what was installed: Python, packages, kernels, analysis, file formats, pictures."""

from __future__ import annotations

import importlib
import importlib.util
import platform
import sys
import tempfile
import time
from pathlib import Path

from oscbridge.diagnosis.finding import REINSTALL, Finding
from oscbridge.protocol import HOST, PORT_QUERY

PACKAGES = ("oscbridge", "dsp", "models", "presets")


def check_python() -> Finding:
    """Which Python is this, and is it 64 bits wide (numba has no wheels for 32)?"""
    version = platform.python_version()
    detail = f"Python {version} on {platform.system()} {platform.machine()}"
    if sys.maxsize < 2**32:
        return Finding("python", "broken", f"{detail}, 32 bits", "install a 64-bit Python")
    return Finding("python", "ok", detail)


def check_installation() -> Finding:
    """Do the four packages come from one installation, and not from a stray folder?"""
    homes: dict[str, Path] = {}
    for name in PACKAGES:
        module = importlib.import_module(name)
        homes[name] = Path(str(module.__file__)).resolve().parent.parent
    if len(set(homes.values())) == 1:
        return Finding("installation", "ok", f"all four packages in {homes['oscbridge']}")
    listed = ", ".join(f"{name} in {home}" for name, home in homes.items())
    return Finding("installation", "broken", f"packages of different origin: {listed}", REINSTALL)


def check_kernel_cache() -> Finding:
    """Can compiled kernels be kept? Without it, every start compiles them anew."""
    from dsp.jit import CACHE_FOLDER

    try:
        with tempfile.NamedTemporaryFile(dir=CACHE_FOLDER):
            pass
    except OSError as error:
        return Finding(
            "kernel cache",
            "limited",
            f"{CACHE_FOLDER} cannot be written ({error.strerror}): every start takes long",
            "set NUMBA_CACHE_DIR to a folder that you may write to",
        )
    return Finding("kernel cache", "ok", str(CACHE_FOLDER))


def check_analysis() -> Finding:
    """Do kernels, weights and model work together, and how fast? Analyses synthetic sound."""
    import numpy as np

    from dsp.types import AudioBlock
    from oscbridge.analyzer import Analyzer
    from oscbridge.config import Config
    from oscbridge.warmup import prepare_kernels

    sample_rate, seconds = 44_100, 10
    began = time.perf_counter()
    prepare_kernels(Config())
    analyzer = Analyzer(sample_rate)
    ready_s = time.perf_counter() - began
    noise = np.random.default_rng(1).standard_normal(sample_rate * seconds)
    samples = (0.1 * noise).astype(np.float32)
    analyzer.push(AudioBlock(samples[:sample_rate], 0, sample_rate))
    began = time.perf_counter()
    for at in range(sample_rate, len(samples), 4096):
        analyzer.push(AudioBlock(samples[at : at + 4096], at, sample_rate))
    factor = (seconds - 1) / (time.perf_counter() - began)
    detail = (
        f"model {analyzer.model_name}@{analyzer.model_digest} verified, kernels ready in "
        f"{ready_s:.1f} s, {factor:.0f} times faster than real time"
    )
    if factor < 4.0:
        return Finding(
            "analysis", "broken", detail, "close other programs: live analysis needs factor 4"
        )
    return Finding("analysis", "ok", detail)


def check_sound_files() -> Finding:
    """Which file formats can be read?"""
    import soundfile

    majors = soundfile.available_formats()
    names = [name for name in ("WAV", "FLAC", "OGG", "MP3") if name in majors]
    if "OGG" in majors and "OPUS" in soundfile.available_subtypes("OGG"):
        names.append("Opus")
    detail = f"reads {', '.join(names)} (libsndfile {soundfile.__libsndfile_version__})"
    if {"MP3", "Opus"} - set(names):
        return Finding(
            "sound files", "limited", detail, "pip install --upgrade --force-reinstall soundfile"
        )
    return Finding("sound files", "ok", detail)


def check_plots() -> Finding:
    """Can ``analyze --plot`` draw?"""
    if importlib.util.find_spec("matplotlib") is None:
        return Finding("plots", "limited", "no matplotlib", 'pip install "oscbridge[plot]"')
    return Finding("plots", "ok", "analyze --plot can draw")


def check_oscquery() -> Finding:
    """Can programs read what there is to bind, and find us on the network?"""
    for package, lack in (
        ("websockets", "the address space is not served"),
        ("zeroconf", "served, but not announced to other machines"),
    ):
        if importlib.util.find_spec(package) is None:
            detail = f"no {package}: {lack}"
            return Finding("OSCQuery", "limited", detail, 'pip install "oscbridge[oscquery]"')
    detail = f"http://{HOST}:{PORT_QUERY} says what there is to bind while oscbridge runs"
    return Finding("OSCQuery", "ok", detail)
