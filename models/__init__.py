"""models: features in, affect out. Torch only in `models.training`, never while music plays."""
