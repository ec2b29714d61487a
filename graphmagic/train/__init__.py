"""Training: optimizers, schedules, moving averages, checkpoints (TensorFlow's ``tf.train``)."""

from graphmagic.interchange.files import write_graph
from graphmagic.names import namespace as _namespace
from graphmagic.train.adadelta import AdadeltaOptimizer
from graphmagic.train.adagrad import AdagradOptimizer
from graphmagic.train.adagrad_da import AdagradDAOptimizer
from graphmagic.train.adam import AdamOptimizer
from graphmagic.train.batching import batch, batch_join, shuffle_batch, shuffle_batch_join
from graphmagic.train.checkpoint_file import CheckpointReader
from graphmagic.train.checkpoint_file import CheckpointReader as NewCheckpointReader
from graphmagic.train.checkpoint_state import (
    CheckpointState,
    checkpoint_exists,
    generate_checkpoint_state_proto,
    get_checkpoint_mtimes,
    get_checkpoint_state,
    latest_checkpoint,
    list_variables,
    load_checkpoint,
    load_variable,
    remove_checkpoint,
    update_checkpoint_state,
)
from graphmagic.train.coordinator import Coordinator, LooperThread
from graphmagic.train.cosine_schedules import (
    cosine_decay,
    cosine_decay_restarts,
    linear_cosine_decay,
    noisy_linear_cosine_decay,
)
from graphmagic.train.example import BytesList, Example, Feature, Features, FloatList, Int64List
from graphmagic.train.ftrl import FtrlOptimizer
from graphmagic.train.global_step import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
    global_step,
)
from graphmagic.train.gradient_descent import GradientDescentOptimizer
from graphmagic.train.input import (
    input_producer,
    limit_epochs,
    range_input_producer,
    slice_input_producer,
    string_input_producer,
)
from graphmagic.train.meta_graphs import export_meta_graph, import_meta_graph
from graphmagic.train.momentum import MomentumOptimizer
from graphmagic.train.moving_averages import ExponentialMovingAverage
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.proximal import ProximalAdagradOptimizer, ProximalGradientDescentOptimizer
from graphmagic.train.queue_runner import QueueRunner, add_queue_runner, start_queue_runners
from graphmagic.train.rmsprop import RMSPropOptimizer
from graphmagic.train.saver import Saver
from graphmagic.train.schedules import (
    exponential_decay,
    inverse_time_decay,
    natural_exp_decay,
    piecewise_constant,
    polynomial_decay,
)

piecewise_constant_decay = piecewise_constant  # the same function under both names, as in TensorFlow

__all__ = [
    # optimizers
    "Optimizer",
    "GradientDescentOptimizer",
    "MomentumOptimizer",
    "AdagradOptimizer",
    "AdagradDAOptimizer",
    "AdadeltaOptimizer",
    "RMSPropOptimizer",
    "AdamOptimizer",
    "FtrlOptimizer",
    "ProximalGradientDescentOptimizer",
    "ProximalAdagradOptimizer",
    # schedules
    "exponential_decay",
    "natural_exp_decay",
    "inverse_time_decay",
    "polynomial_decay",
    "piecewise_constant",
    "piecewise_constant_decay",
    "cosine_decay",
    "cosine_decay_restarts",
    "linear_cosine_decay",
    "noisy_linear_cosine_decay",
    # input by queues and threads
    "Coordinator",
    "LooperThread",
    "QueueRunner",
    "add_queue_runner",
    "start_queue_runners",
    "input_producer",
    "range_input_producer",
    "slice_input_producer",
    "string_input_producer",
    "limit_epochs",
    "batch",
    "batch_join",
    "shuffle_batch",
    "shuffle_batch_join",
    # examples
    "BytesList",
    "Example",
    "Feature",
    "Features",
    "FloatList",
    "Int64List",
    # averages
    "ExponentialMovingAverage",
    # checkpoints
    "Saver",
    "CheckpointReader",
    "CheckpointState",
    "NewCheckpointReader",
    "checkpoint_exists",
    "export_meta_graph",
    "generate_checkpoint_state_proto",
    "get_checkpoint_mtimes",
    "get_checkpoint_state",
    "import_meta_graph",
    "latest_checkpoint",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "remove_checkpoint",
    "update_checkpoint_state",
    "write_graph",
    # the global step
    "assert_global_step",
    "create_global_step",
    "get_global_step",
    "get_or_create_global_step",
    "global_step",
]

# Sessions that look after themselves are loaded when they are first used.
_MONITORED = {
    "hook": ("SessionRunArgs", "SessionRunContext", "SessionRunHook", "SessionRunValues"),
    "timer": ("NeverTriggerTimer", "SecondOrStepTimer"),
    "stopping": (
        *(
            "FeedFnHook",
            "FinalOpsHook",
            "GlobalStepWaiterHook",
            "NanLossDuringTrainingError",
            "NanTensorHook",
        ),
        "StopAtStepHook",
    ),
    "reporting": ("LoggingTensorHook", "StepCounterHook"),
    "writing": ("CheckpointSaverHook", "CheckpointSaverListener", "SummarySaverHook"),
    "scaffold": ("Scaffold",),
    "manager": ("SessionManager",),
    "session": (
        *("ChiefSessionCreator", "MonitoredSession", "SessionCreator", "SingularMonitoredSession"),
        "WorkerSessionCreator",
    ),
    "training": ("MonitoredTrainingSession",),
    "supervisor": ("Supervisor", "basic_train_loop"),
}

__getattr__, __dir__ = _namespace(
    __name__, {name: f"monitored.{home}" for home, names in _MONITORED.items() for name in names}
)
