"""S2: the order CNN → LSTM → FC, the printed recipe, and the numpy twin of the torch network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.training.zoo.cnn_lstm import RECIPE, Network, build_system, quality
from models.training.zoo.loop import fit_network
from models.training.zoo.system import Part
from models.zoo.cnn_lstm import N_MELS, WIDTH, WINDOW_S, CnnLstm, FrameReader, make_relative
from models.zoo.window import SAMPLE_RATE


@pytest.fixture
def network() -> Network:
    torch.manual_seed(0)
    mean = np.linspace(-1.0, 1.0, WIDTH, dtype=np.float32)
    return Network(mean, np.full(WIDTH, 2.0, np.float32)).eval()


@pytest.fixture
def music() -> np.ndarray:
    t = np.arange(round(WINDOW_S * SAMPLE_RATE)) / SAMPLE_RATE
    notes = 220.0 * 2.0 ** (np.asarray([0, 4, 7, 12])[(t * 4).astype(int) % 4] / 12)
    sound = 0.2 * np.sin(2 * np.pi * np.cumsum(notes) / SAMPLE_RATE)
    return (sound + 0.01 * np.random.default_rng(0).standard_normal(len(t))).astype(np.float32)


def test_the_layers_stand_in_the_papers_order(network: Network) -> None:
    kinds = [type(module).__name__ for module in network.modules()]
    order = [kind for kind in kinds if kind in ("Conv1d", "LSTM", "Linear")]
    assert order == ["Conv1d", "Conv1d", "LSTM", "Linear"]


def test_the_recipe_is_the_printed_one() -> None:
    assert RECIPE.batch == 50
    assert (RECIPE.decay, RECIPE.decay_epochs) == (0.9, 10)
    assert RECIPE.patience == 5
    assert RECIPE.weight_decay > 0.0
    assert build_system().copies >= 1


def test_the_rate_falls_by_a_tenth_every_ten_epochs() -> None:
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([parameter], 1.0)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, RECIPE.decay_epochs, RECIPE.decay)
    rates = []
    for _ in range(30):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert rates[9] == 1.0
    assert rates[10] == pytest.approx(0.9)
    assert rates[20] == pytest.approx(0.81)


def test_fitting_stops_after_five_epochs_without_a_better_one(network: Network) -> None:
    rng = np.random.default_rng(0)

    def part(n: int) -> Part:
        inputs = rng.standard_normal((n, 1, 40, WIDTH)).astype(np.float32)
        return Part(inputs, rng.integers(1, 5, n), np.arange(n).astype(str), np.arange(n), 1)

    # labels of noise: what is learned by heart only makes the inner loss worse
    assert fit_network(network, part(60), part(30), 200, RECIPE, 0) < 195


def test_numpy_says_what_torch_says(network: Network) -> None:
    frames = np.random.default_rng(1).standard_normal((3, 120, WIDTH)).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(frames)).numpy()
    # weights are stored in half precision
    np.testing.assert_allclose(CnnLstm(network.arrays()).logits(frames), expected, atol=5e-3)


def test_a_frame_has_mel_rms_zcr_and_chroma(music: np.ndarray) -> None:
    frames = FrameReader().read(music)
    assert frames.shape[1] == WIDTH == N_MELS + 1 + 1 + 12
    rms_db = 10.0 * np.log10(np.mean(np.square(music[:2048])))
    assert frames[0, N_MELS] == pytest.approx(rms_db, abs=1e-3)
    np.testing.assert_allclose(frames[:, -12:].sum(axis=1), 1.0, atol=1e-4)


def test_the_volume_changes_nothing(network: Network, music: np.ndarray) -> None:
    system = CnnLstm({**network.arrays(), "temperature": np.ones(1, np.float32)})
    loud, soft = system.answer(music), system.answer(music / 16.0)
    np.testing.assert_allclose(loud.quadrants, soft.quadrants, atol=1e-3)


def test_levels_are_relative_to_the_mean_power_of_the_window(music: np.ndarray) -> None:
    frames = make_relative(FrameReader().read(music))
    assert np.mean(10.0 ** (frames[:, N_MELS] / 10.0)) == pytest.approx(1.0, abs=1e-3)


def test_the_papers_metrics_on_answers_that_are_all_right_and_all_wrong() -> None:
    truth = np.asarray([1, 2, 3, 4])
    right = quality(truth, np.eye(4))
    assert right["macro precision"] == right["macro recall"] == 1.0
    assert right["ROC-AUC, one quadrant against the rest"] == 1.0
    assert right["mean squared error of valence and arousal"] == 0.0
    opposite = quality(truth, np.roll(np.eye(4), 2, axis=1))
    assert opposite["macro recall"] == 0.0
    assert opposite["mean squared error of valence and arousal"] == 4.0
