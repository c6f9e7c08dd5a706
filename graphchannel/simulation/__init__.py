"""What if: changes of the channel or of its policy, tried on a copy of the workspace."""
