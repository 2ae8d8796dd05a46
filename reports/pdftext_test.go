package reports

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf16"
)

var (
	pdfObject = regexp.MustCompile(`(?s)\n(\d+) 0 obj\s(.*?)\nendobj`)
	pdfStream = regexp.MustCompile(`(?s)^(.*?)stream\r?\n(.*)\r?\nendstream`)
	pdfFont   = regexp.MustCompile(`/(F\d+) (\d+) 0 R`)
	pdfMap    = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	pdfShown  = regexp.MustCompile(`/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> ?Tj|\[([^\]]*)\] ?TJ|\b(ET)\b`)
	pdfHex    = regexp.MustCompile(`<([0-9A-Fa-f]+)>`)
	pdfWide   = regexp.MustCompile(`<FEFF([0-9A-Fa-f]*)>`)
	pdfQuoted = regexp.MustCompile(`\(((?:[^()\\]|\\.)*)\)`)
	pdfBlock  = regexp.MustCompile(`(?s)beginbf(char|range)(.*?)endbf`)
	pdfLine   = regexp.MustCompile(`<([0-9A-Fa-f]+)> ?<([0-9A-Fa-f]+)>(?: ?<([0-9A-Fa-f]+)>)?`)
)

// pdfText gives what a PDF file that Chromium printed says: the text of its sheets, once
// with the end of each run of glyphs as the end of a line and once as a space, as a name
// may go on over two; and the texts of its titles, its outline and its descriptions.
//
// It knows what the Skia library writes: objects one after another, streams that are
// deflated, and fonts that say which character each glyph stands for.
func pdfText(file []byte) []byte {
	plain, streams := map[string][]byte{}, map[string][]byte{}
	for _, object := range pdfObject.FindAllSubmatch(file, -1) {
		number, body := string(object[1]), object[2]
		if stream := pdfStream.FindSubmatch(body); stream != nil {
			body, streams[number] = stream[1], inflated(stream[2])
		}
		plain[number] = body
	}
	fonts := map[string]map[string]string{} // of a font by its name: glyph → characters
	for _, font := range pdfFont.FindAllSubmatch(file, -1) {
		if m := pdfMap.FindSubmatch(plain[string(font[2])]); m != nil {
			fonts[string(font[1])] = characters(streams[string(m[1])])
		}
	}
	var lines bytes.Buffer
	for _, content := range streams {
		font := map[string]string{}
		for _, shown := range pdfShown.FindAllSubmatch(content, -1) {
			switch {
			case len(shown[1]) > 0:
				font = fonts[string(shown[1])]
			case len(shown[4]) > 0:
				lines.WriteByte('\n')
			default:
				for _, glyphs := range pdfHex.FindAllSubmatch(append(append([]byte("<"), shown[2]...), append([]byte(">"), shown[3]...)...), -1) {
					for n := 0; n+4 <= len(glyphs[1]); n += 4 {
						lines.WriteString(font[string(bytes.ToUpper(glyphs[1][n:n+4]))])
					}
				}
			}
		}
	}
	text := append(lines.Bytes(), bytes.ReplaceAll(lines.Bytes(), []byte("\n"), []byte(" "))...)
	for _, body := range plain {
		for _, title := range pdfWide.FindAllSubmatch(body, -1) {
			text = append(append(text, '\n'), utf16Text(string(title[1]))...)
		}
		for _, title := range pdfQuoted.FindAllSubmatch(body, -1) {
			text = append(append(text, '\n'), title[1]...)
		}
	}
	return text
}

func inflated(stream []byte) []byte {
	in, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil // a picture, or not deflated
	}
	content, _ := io.ReadAll(in)
	return content
}

// characters reads the table of a font.
func characters(table []byte) map[string]string {
	found := map[string]string{}
	for _, block := range pdfBlock.FindAllSubmatch(table, -1) {
		for _, line := range pdfLine.FindAllSubmatch(block[2], -1) {
			if string(block[1]) == "char" {
				found[string(bytes.ToUpper(line[1]))] = utf16Text(string(line[2]))
				continue
			}
			from, _ := strconv.ParseUint(string(line[1]), 16, 32)
			to, _ := strconv.ParseUint(string(line[2]), 16, 32)
			first, _ := strconv.ParseUint(string(line[3]), 16, 32)
			for glyph := from; glyph <= to; glyph++ {
				found[glyphName(glyph)] = string(rune(first + glyph - from))
			}
		}
	}
	return found
}

func glyphName(glyph uint64) string {
	return string(bytes.ToUpper([]byte(hex.EncodeToString([]byte{byte(glyph >> 8), byte(glyph)}))))
}

// utf16Text reads UTF-16 in hexadecimal digits.
func utf16Text(digits string) string {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return ""
	}
	units := make([]uint16, len(raw)/2)
	for n := range units {
		units[n] = uint16(raw[2*n])<<8 | uint16(raw[2*n+1])
	}
	return string(utf16.Decode(units))
}

func TestCharactersOfAFont(t *testing.T) {
	got := characters([]byte("2 beginbfchar\n<0003> <0020>\n<00a2> <00E0>\nendbfchar\n1 beginbfrange\n<0024> <0026> <0041>\nendbfrange"))
	for glyph, want := range map[string]string{"0003": " ", "00A2": "à", "0024": "A", "0026": "C"} {
		if got[glyph] != want {
			t.Errorf("glyph %s is %q, want %q", glyph, got[glyph], want)
		}
	}
}
