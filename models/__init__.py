"""models: features in, affect out. Torch only in `models.training` and `models.zoo`."""
