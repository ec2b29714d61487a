"""The vocabulary: one family of operations a file; kernel, shape rule and gradient of each stand together."""

from graphmagic.ops import gather, overloads
