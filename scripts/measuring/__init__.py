"""What a translation model is measured on."""
