"""EXIT charts: transfer curves, trajectories, and which links have one."""
