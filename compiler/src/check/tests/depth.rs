//! Depth and size: chains that are too long end in one error, uses that could double end in no time.
