// An independent reader of the lake's files. It is a module of its own because
// its requirements cannot be resolved together with iceberg-go's.
module interop

go 1.26.0

require github.com/xitongsys/parquet-go v1.6.2

require github.com/xitongsys/parquet-go-source v0.0.0-20200817004010-026bad9b25d0

require (
	github.com/apache/arrow/go/arrow v0.0.0-20200730104253-651201b0f516 // indirect
	github.com/apache/thrift v0.14.2 // indirect
	github.com/golang/snappy v0.0.3 // indirect
	github.com/klauspost/compress v1.13.1 // indirect
	github.com/pierrec/lz4/v4 v4.1.8 // indirect
	golang.org/x/xerrors v0.0.0-20191204190536-9bdfabe68543 // indirect
)
