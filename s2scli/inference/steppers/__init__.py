"""Models, one step at a time, for our own search (``s2scli.inference.engines.stepper``)."""
