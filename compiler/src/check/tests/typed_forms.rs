//! What typed expressions look like where more than their type matters.
