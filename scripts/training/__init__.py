"""Parts of ``train_default_model.py``."""
