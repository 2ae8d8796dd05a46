package lake

import "runtime/debug"

// Versions gives the versions of the Arrow and Iceberg libraries that the
// program was built with, under "arrow" and "iceberg"; "unknown" where the
// build does not say.
func Versions() map[string]string {
	modules := map[string]string{
		"github.com/apache/arrow-go/v18": "arrow",
		"github.com/apache/iceberg-go":   "iceberg",
	}
	versions := map[string]string{"arrow": "unknown", "iceberg": "unknown"}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, dependency := range build.Deps {
		if name, ok := modules[dependency.Path]; ok {
			versions[name] = dependency.Version
		}
	}
	return versions
}
