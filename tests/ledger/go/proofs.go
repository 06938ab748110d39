package main

import (
	"fmt"
	"os"
	"path/filepath"

	formats_proof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

// paths makes proofs from the tiles of the folder, which the reader holds against the root of the checkpoint: of some
// entries of the older tree, and from that tree to the one now.
func (l *ledger) paths(old, now tlog.Tree, result *judged) error {
	reader := tlog.TileHashReader(old, l)
	if root, err := tlog.TreeHash(old.N, reader); err != nil || root != old.Hash {
		return fmt.Errorf("size %d: the root out of tiles is %s (%v)", old.N, root, err)
	}
	for _, index := range []int64{0, old.N / 3, old.N / 2, old.N - 1} {
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		path, err := tlog.ProveRecord(old.N, index, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, old.N, old.Hash, index, leaf[0]); err != nil {
			return fmt.Errorf("entry %d of %d: %w", index, old.N, err)
		}
		result.Inclusions++
	}
	path, err := tlog.ProveTree(now.N, old.N, tlog.TileHashReader(now, l))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(path, now.N, now.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("from %d to %d: %w", old.N, now.N, err)
	}
	result.Consistent++
	return nil
}

// proofs verifies the proofs that kaigong itself made, by both libraries.
func (l *ledger) proofs(tree tlog.Tree, stored memory, result *judged) error {
	names, err := filepath.Glob(filepath.Join(l.folder, "proofs", "*.tlog-proof"))
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := l.proof(filepath.Base(name), data, tree, stored); err != nil {
			return err
		}
		result.Proofs++
	}
	return nil
}

func (l *ledger) proof(name string, data []byte, tree tlog.Tree, stored memory) error {
	var parsed formats_proof.TLogProof
	if err := parsed.Unmarshal(data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if fmt.Sprintf("%d.tlog-proof", parsed.Index) != name || string(parsed.Marshal()) != string(data) {
		return fmt.Errorf("%s: read and written again it is another proof", name)
	}
	signed, err := l.tree(name, parsed.Checkpoint)
	if err != nil {
		return err
	}
	if signed != tree {
		return fmt.Errorf("%s: its checkpoint is not the last one", name)
	}
	leaf := stored[tlog.StoredHashIndex(0, int64(parsed.Index))]
	var record tlog.RecordProof
	var hashes [][]byte
	for _, hash := range parsed.Hashes {
		record = append(record, tlog.Hash(hash))
		hashes = append(hashes, hash[:])
	}
	if err := tlog.CheckRecord(record, tree.N, tree.Hash, int64(parsed.Index), leaf); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, parsed.Index, uint64(tree.N), leaf[:], hashes, tree.Hash[:]); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
