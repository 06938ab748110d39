// Judges the static files of a log that kaigong wrote, with the code of others only: golang.org/x/mod/sumdb for notes,
// trees and tiles, transparency-dev/formats for checkpoints, cosignatures and proofs, transparency-dev/merkle for a
// second opinion on paths.
//
//	go run . <folder>
//
// The folder holds checkpoint, checkpoints/<size>, tile/…, proofs/<index>.tlog-proof, log.vkey and witness.vkey.
// Prints what was judged, as JSON; or says what is wrong and ends with 1.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	formats_log "github.com/transparency-dev/formats/log"
	formats_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// judged counts what was found right, so that the caller sees that there was something to judge.
type judged struct {
	Size        int64 `json:"size"`
	Checkpoints int   `json:"checkpoints"`
	Entries     int   `json:"entries"`
	Tiles       int   `json:"tiles"`
	Inclusions  int   `json:"inclusions"`
	Consistent  int   `json:"consistent"`
	Proofs      int   `json:"proofs"`
}

// ledger is the folder, with the keys its checkpoints are believed by.
type ledger struct {
	folder  string
	log     note.Verifier
	witness note.Verifier
}

func open(folder string) (*ledger, error) {
	text, err := os.ReadFile(filepath.Join(folder, "log.vkey"))
	if err != nil {
		return nil, err
	}
	log, err := note.NewVerifier(string(text))
	if err != nil {
		return nil, fmt.Errorf("log.vkey: %w", err)
	}
	text, err = os.ReadFile(filepath.Join(folder, "witness.vkey"))
	if err != nil {
		return nil, err
	}
	witness, err := formats_note.NewVerifierForCosignatureV1(string(text))
	if err != nil {
		return nil, fmt.Errorf("witness.vkey: %w", err)
	}
	return &ledger{folder, log, witness}, nil
}

// checkpoint opens one file as a client of the log does: signed by the log, cosigned by the witness.
func (l *ledger) checkpoint(name string) (tlog.Tree, error) {
	bytes, err := os.ReadFile(filepath.Join(l.folder, name))
	if err != nil {
		return tlog.Tree{}, err
	}
	return l.tree(name, bytes)
}

func (l *ledger) tree(name string, bytes []byte) (tlog.Tree, error) {
	parsed, rest, opened, err := formats_log.ParseCheckpoint(bytes, l.log.Name(), l.log, l.witness)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(rest) != 0 || len(opened.Sigs) != 2 || len(opened.UnverifiedSigs) != 0 {
		return tlog.Tree{}, fmt.Errorf("%s: %d signatures verified, %d not", name, len(opened.Sigs), len(opened.UnverifiedSigs))
	}
	tree := tlog.Tree{N: int64(parsed.Size)}
	if copy(tree.Hash[:], parsed.Hash) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("%s: the root is no SHA-256", name)
	}
	return tree, nil
}

// checkpoints opens every checkpoint that the log ever signed, by name.
func (l *ledger) checkpoints() (map[string]tlog.Tree, error) {
	names, err := os.ReadDir(filepath.Join(l.folder, "checkpoints"))
	if err != nil {
		return nil, err
	}
	trees := map[string]tlog.Tree{}
	for _, name := range names {
		tree, err := l.checkpoint("checkpoints/" + name.Name())
		if err != nil {
			return nil, err
		}
		if fmt.Sprint(tree.N) != name.Name() {
			return nil, fmt.Errorf("checkpoints/%s is of size %d", name.Name(), tree.N)
		}
		trees[name.Name()] = tree
	}
	return trees, nil
}

func judge(folder string) (*judged, error) {
	l, err := open(folder)
	if err != nil {
		return nil, err
	}
	tree, err := l.checkpoint("checkpoint")
	if err != nil {
		return nil, err
	}
	earlier, err := l.checkpoints()
	if err != nil {
		return nil, err
	}
	result := &judged{Size: tree.N, Checkpoints: len(earlier)}
	stored, err := l.entries(tree, result)
	if err != nil {
		return nil, err
	}
	for _, old := range earlier {
		if err := l.tiles(old, stored, result); err != nil {
			return nil, err
		}
	}
	for _, old := range earlier {
		if err := l.paths(old, tree, result); err != nil {
			return nil, err
		}
	}
	return result, l.proofs(tree, stored, result)
}

func main() {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: go run . <folder>")
		os.Exit(2)
	}
	result, err := judge(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(result)
}
