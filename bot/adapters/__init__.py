"""Everything that touches the world; knows core's types, never a workflow, and no adapter knows another."""
