"""Random graphs, run by the engine and by a plain evaluator that optimizes nothing; both must agree exactly."""
