"""Models as ONNX graphs, written from the weights of a checkpoint without torch.

An encoder's graph gives the keys and values that each layer of the decoder looks at, once for each
source. The decoder's takes one token for each row, with the keys and values of all tokens before
it, which it puts in the order of ``parents`` itself.
"""
