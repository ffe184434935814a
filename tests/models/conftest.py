"""Networks this small are fitted fastest by one thread; several get in each other's way."""

import torch

torch.set_num_threads(1)
