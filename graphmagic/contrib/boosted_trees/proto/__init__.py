"""What gradient boosted decision trees are told."""

from graphmagic.contrib.boosted_trees.proto import learner_pb2

__all__ = ["learner_pb2"]
