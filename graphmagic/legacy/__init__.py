"""Published programs run unmodified: ``import tensorflow as tf`` resolves to graphmagic, only where asked for.

`install` makes the alias, `uninstall` takes it back; ``python -m graphmagic SCRIPT`` and the magic
``%tensorflow_version 1.x`` call them.  A real TensorFlow in the same environment is left alone otherwise.

>>> from graphmagic import legacy
>>> with legacy.installed():
...     import tensorflow as tf
...     from tensorflow.python.framework import ops
>>> tf.__version__, ops.get_default_graph is tf.get_default_graph
('1.15.0', True)
"""

from graphmagic.legacy.alias import install, installed, is_installed, uninstall

__all__ = ["install", "installed", "is_installed", "uninstall"]
