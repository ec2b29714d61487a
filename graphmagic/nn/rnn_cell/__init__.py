"""Cells of recurrent networks (TensorFlow's ``tf.nn.rnn_cell``): what happens in one time step."""

from graphmagic.nn.rnn_cell.base import LayerRNNCell, RNNCell
from graphmagic.nn.rnn_cell.basic import BasicRNNCell, GRUCell
from graphmagic.nn.rnn_cell.lstm import BasicLSTMCell, LSTMCell, LSTMStateTuple
from graphmagic.nn.rnn_cell.multi import MultiRNNCell
from graphmagic.nn.rnn_cell.wrappers import DeviceWrapper, DropoutWrapper, ResidualWrapper

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerRNNCell",
    "MultiRNNCell",
    "RNNCell",
    "ResidualWrapper",
]
