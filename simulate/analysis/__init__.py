"""Questions asked of results: gaps, comparison, replay, doubts."""
