package html

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest names all that a page shows but its Code: the SHA-256 of its view, in
// hexadecimal. Two views with the same digest give the same bytes, as Render writes
// nothing that depends on anything else but the program itself. What exports hold
// beside the page is no part of it: see [Cell].
func (p *Page) Digest() (string, error) {
	sum := sha256.New()
	encoder := json.NewEncoder(sum)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(p); err != nil {
		return "", fmt.Errorf("page %s: %w", p.Path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
