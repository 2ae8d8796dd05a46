package transform

import (
	"context"
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
)

// Expired is what Expire took out of the lake, or would.
type Expired struct {
	Versions int   `json:"versions"`
	Bytes    int64 `json:"bytes"` // 0 of a dry run
}

// Expire takes out of the lake the versions of marts and results that are of none
// of the runs to keep; the last run's, which are current, stay whatever. The logs,
// whose versions are the ledger, are not touched. When dry nothing is.
func Expire(ctx context.Context, l *lake.Lake, keep []string, dry bool) (Expired, error) {
	var all Expired
	tables, err := l.Tables(ctx)
	if err != nil {
		return all, err
	}
	for _, name := range tables {
		if slices.Contains(contract.Logs(), name) {
			continue
		}
		history, err := l.History(ctx, name)
		if err != nil {
			return all, err
		}
		var ids []int64
		for _, version := range history[:max(0, len(history)-1)] {
			if run := version.Summary[runKey]; run != "" && !slices.Contains(keep, run) {
				ids = append(ids, version.ID)
			}
		}
		all.Versions += len(ids)
		if dry || len(ids) == 0 {
			continue
		}
		freed, err := l.Expire(ctx, name, ids)
		if err != nil {
			return all, err
		}
		all.Bytes += freed
	}
	return all, nil
}
