//go:build !linux

package ingest

// inHugePages does nothing where the system has no way of being asked.
func inHugePages[T any]([]T) {}
