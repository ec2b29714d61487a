"""The fields of the messages that graphs and traces of runs need, of TensorFlow's framework/*.proto.

For each message its fields in the order of their numbers, with their kind: ``*`` if repeated; ``map`` maps strings to
AttrValue.
"""

from __future__ import annotations

__all__ = ["SCHEMA"]

SCHEMA = {
    "GraphDef": {"node": "NodeDef*", "versions": "VersionDef"},
    "NodeDef": {"name": "string", "op": "string", "input": "string*", "device": "string", "attr": "map"},
    "ListValue": {
        "s": "bytes*",
        "i": "int*",
        "f": "float*",
        "b": "bool*",
        "type": "enum*",
        "shape": "TensorShapeProto*",
        "tensor": "TensorProto*",
        "func": "NameAttrList*",
    },
    "AttrValue": {
        "list": "ListValue",
        "s": "bytes",
        "i": "int",
        "f": "float",
        "b": "bool",
        "type": "enum",
        "shape": "TensorShapeProto",
        "tensor": "TensorProto",
        "placeholder": "string",
        "func": "NameAttrList",
    },
    "NameAttrList": {"name": "string", "attr": "map"},
    "TensorShapeProto": {"dim": "Dim*", "unknown_rank": "bool"},
    "Dim": {"size": "int", "name": "string"},
    "TensorProto": {
        "dtype": "enum",
        "tensor_shape": "TensorShapeProto",
        "version_number": "int",
        "tensor_content": "bytes",
        "half_val": "int*",
        "float_val": "float*",
        "double_val": "double*",
        "int_val": "int*",
        "string_val": "bytes*",
        "scomplex_val": "float*",
        "int64_val": "int*",
        "bool_val": "bool*",
        "dcomplex_val": "double*",
        "uint32_val": "int*",
        "uint64_val": "int*",
    },
    "VersionDef": {"producer": "int", "min_consumer": "int", "bad_consumers": "int*"},
    "RunMetadata": {"step_stats": "StepStats", "partition_graphs": "GraphDef*"},
    "StepStats": {"dev_stats": "DeviceStepStats*"},
    "DeviceStepStats": {"device": "string", "node_stats": "NodeExecStats*"},
    "NodeExecStats": {
        "node_name": "string",
        "all_start_micros": "int",
        "op_start_rel_micros": "int",
        "op_end_rel_micros": "int",
        "all_end_rel_micros": "int",
        "output": "NodeOutput*",
        "timeline_label": "string",
        "scheduled_micros": "int",
        "thread_id": "int",
        "all_start_nanos": "int",
        "op_start_rel_nanos": "int",
        "op_end_rel_nanos": "int",
        "all_end_rel_nanos": "int",
        "scheduled_nanos": "int",
    },
    "NodeOutput": {"slot": "int", "tensor_description": "TensorDescription"},
    "TensorDescription": {
        "dtype": "enum",
        "shape": "TensorShapeProto",
        "allocation_description": "AllocationDescription",
    },
    "AllocationDescription": {
        "requested_bytes": "int",
        "allocated_bytes": "int",
        "allocator_name": "string",
    },
}
