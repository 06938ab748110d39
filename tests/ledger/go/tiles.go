package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

// tilePath is the path of C2SP tlog-tiles: that of the Go checksum database without the height, and with `entries`.
func tilePath(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func (l *ledger) read(tile tlog.Tile) ([]byte, error) {
	return os.ReadFile(filepath.Join(l.folder, tilePath(tile)))
}

// Height, ReadTiles and SaveTiles make the folder a tlog.TileReader.
func (l *ledger) Height() int { return tileHeight }

func (l *ledger) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := l.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (l *ledger) SaveTiles([]tlog.Tile, [][]byte) {}

// memory keeps the hashes of the tree as this program computes them from the entries.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(m)) {
			return nil, fmt.Errorf("hash %d is not there yet", index)
		}
		hashes[i] = m[index]
	}
	return hashes, nil
}

// bundle takes one bundle of entries apart.
func bundle(name string, data []byte, width int) ([][]byte, error) {
	var entries [][]byte
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, fmt.Errorf("%s: an entry is cut off", name)
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(data) != 0 || len(entries) != width {
		return nil, fmt.Errorf("%s: %d entries instead of %d, %d bytes left", name, len(entries), width, len(data))
	}
	return entries, nil
}

// entries hashes every entry of the log again and compares the root over them with the checkpoint.
func (l *ledger) entries(tree tlog.Tree, result *judged) (memory, error) {
	var stored memory
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		width := min(tree.N-first, 1<<tileHeight)
		tile := tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: int(width)}
		data, err := l.read(tile)
		if err != nil {
			return nil, err
		}
		entries, err := bundle(tilePath(tile), data, tile.W)
		if err != nil {
			return nil, err
		}
		for i, entry := range entries {
			hashes, err := tlog.StoredHashes(first+int64(i), entry, stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
			result.Entries++
		}
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the root over %d entries is %s, the checkpoint says %s", tree.N, root, tree.Hash)
	}
	return stored, nil
}

// tiles compares every tile of a tree with the one that this program makes from the entries.
func (l *ledger) tiles(tree tlog.Tree, stored memory, result *judged) error {
	for _, tile := range tlog.NewTiles(tileHeight, 0, tree.N) {
		data, err := l.read(tile)
		if err != nil {
			return err
		}
		expected, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return err
		}
		if !bytes.Equal(data, expected) {
			return fmt.Errorf("%s is not the tile of the entries", tilePath(tile))
		}
		result.Tiles++
	}
	return nil
}
