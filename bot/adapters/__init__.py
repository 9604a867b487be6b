"""What touches the world: each adapter knows the types of core, never a workflow and never another adapter."""
