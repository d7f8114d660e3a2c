"""What happened, in the ward's words: the values every stage of the flow speaks in."""
