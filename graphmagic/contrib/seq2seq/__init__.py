"""Sequences to sequences, as loops: decoders, helpers, attention, beam search (``tf.contrib.seq2seq``)."""

from graphmagic.contrib.seq2seq.attention import (
    AttentionMechanism,
    BahdanauAttention,
    LuongAttention,
    hardmax,
)
from graphmagic.contrib.seq2seq.attention_wrapper import AttentionWrapper, AttentionWrapperState
from graphmagic.contrib.seq2seq.basic_decoder import BasicDecoder, BasicDecoderOutput
from graphmagic.contrib.seq2seq.beam_search import (
    BeamSearchDecoder,
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    FinalBeamSearchDecoderOutput,
)
from graphmagic.contrib.seq2seq.beams import gather_tree_from_array, tile_batch
from graphmagic.contrib.seq2seq.decoder import Decoder, dynamic_decode
from graphmagic.contrib.seq2seq.helper import (
    CustomHelper,
    GreedyEmbeddingHelper,
    Helper,
    InferenceHelper,
    SampleEmbeddingHelper,
    TrainingHelper,
)
from graphmagic.contrib.seq2seq.loss import sequence_loss
from graphmagic.contrib.seq2seq.scheduled import (
    ScheduledEmbeddingTrainingHelper,
    ScheduledOutputTrainingHelper,
)
from graphmagic.contrib.seq2seq.trees import gather_tree
from graphmagic.names import namespace as _namespace

__all__ = [
    "AttentionMechanism",
    "AttentionWrapper",
    "AttentionWrapperState",
    "BahdanauAttention",
    "BasicDecoder",
    "BasicDecoderOutput",
    "BeamSearchDecoder",
    "BeamSearchDecoderOutput",
    "BeamSearchDecoderState",
    "CustomHelper",
    "Decoder",
    "FinalBeamSearchDecoderOutput",
    "GreedyEmbeddingHelper",
    "Helper",
    "InferenceHelper",
    "LuongAttention",
    "SampleEmbeddingHelper",
    "ScheduledEmbeddingTrainingHelper",
    "ScheduledOutputTrainingHelper",
    "TrainingHelper",
    "dynamic_decode",
    "gather_tree",
    "gather_tree_from_array",
    "hardmax",
    "sequence_loss",
    "tile_batch",
]

__getattr__, __dir__ = _namespace(__name__)
