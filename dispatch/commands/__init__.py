"""What all writes have in common: repeated requests and the order of row locks."""
