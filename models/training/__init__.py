"""Training and evaluation of the models: data, augmentation, folds, metrics, one script a model.

Needs the extra ``train`` (torch and friends); nothing here is imported at run time. Data stays
where it lies and is never copied into the project: the scripts take its folder as an argument.
"""
