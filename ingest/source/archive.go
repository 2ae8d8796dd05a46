package source

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

// zstdMethod is the number of zstd in archives.
const zstdMethod = 93

// archive opens a ZIP archive, or what is built on one.
func archive(at io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, &FileError{Corrupt, "is no whole archive: " + strings.TrimPrefix(err.Error(), "zip: ")}
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	z.RegisterDecompressor(zstdMethod, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow)))
	return z, nil
}

// isWorkbook says whether an archive is one of those that spreadsheets are.
func isWorkbook(z *zip.Reader) bool {
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.EqualFold(f.Name, "[Content_Types].xml") })
}

// members gives the files of an archive in their order, without folders and
// without what an operating system adds on its own. It refuses the archive for
// any member that does not belong into one: a name that leads out of it, a link,
// a name that comes twice, a password.
func members(z *zip.Reader, size int64, limits Limits) ([]*zip.File, error) {
	if len(z.File) > limits.Members {
		return nil, &FileError{TooManyMembers, fmt.Sprintf("is an archive of %d files, and no more than %d are read", len(z.File), limits.Members)}
	}
	var found []*zip.File
	var total uint64
	seen := map[string]bool{}
	most := uint64(limits.grown(size))
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") || addedBySystem(f.Name) {
			continue
		}
		switch {
		case unsafeName(f.Name):
			return nil, &FileError{UnsafeName, "is an archive with a member that would lie outside of it"}
		case f.Mode()&fs.ModeType != 0:
			return nil, &FileError{UnsafeName, "is an archive with a link in it"}
		case seen[f.Name]:
			return nil, &FileError{UnsafeName, "is an archive with two members of one name"}
		case f.Flags&1 != 0:
			return nil, &FileError{Encrypted, "is an archive with a password"}
		}
		seen[f.Name] = true
		if total += min(f.UncompressedSize64, most+1); total > most {
			return nil, &FileError{TooLarge, fmt.Sprintf("unpacks to more than %d bytes, which is more than is unpacked of a file of its size", most)}
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		return nil, &FileError{Empty, "is an archive without files"}
	}
	return found, nil
}

// unsafeName says whether a name leads out of its archive, on any system, or is
// no name at all.
func unsafeName(name string) bool {
	return !filepath.IsLocal(name) || path.Clean(name) != name || !utf8.ValidString(name) ||
		strings.ContainsAny(name, `\:`) || strings.ContainsFunc(name, unicode.IsControl)
}

// addedBySystem says whether a member is not its sender's: what macOS keeps about
// files, and what folders hold for their display.
func addedBySystem(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// openMember opens a member of an archive of a size, within the limits.
func openMember(f *zip.File, size int64, limits Limits) (io.ReadCloser, error) {
	if f.Flags&1 != 0 {
		return nil, &FileError{Encrypted, "is an archive with a password"}
	}
	stream, err := f.Open()
	if err != nil {
		return nil, &FileError{Corrupt, "cannot be unpacked: " + strings.TrimPrefix(err.Error(), "zip: ")}
	}
	most := limits.grown(size)
	return &expanding{stream, most, most}, nil
}
