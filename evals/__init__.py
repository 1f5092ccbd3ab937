"""The evaluation: question/answer pairs, measures, statistics and a gate for CI."""
