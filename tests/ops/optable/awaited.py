"""Types of operations whose lines are still to be written; the list may only become shorter."""

from __future__ import annotations

__all__ = ["AWAITED"]

_NAMES = """
Unique UniqueWithCounts BroadcastGradientArgs
FIFOQueueV2 RandomShuffleQueueV2 PaddingFIFOQueueV2 PriorityQueueV2 QueueEnqueueV2 QueueEnqueueManyV2 QueueDequeueV2
QueueDequeueManyV2 QueueDequeueUpToV2 QueueCloseV2 QueueSizeV2 QueueIsClosedV2
"""
AWAITED = frozenset(_NAMES.split())
