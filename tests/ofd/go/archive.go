package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emmansun/gmsm/sm3"
)

const digestSM3 = "1.2.156.10197.1.401"

type reference struct {
	File  string `xml:"FileRef,attr"`
	Value string `xml:"CheckValue"`
}

// archive is a package with one seal: its files by name, and the names of those that make the seal.
type archive struct {
	files       map[string][]byte
	signatures  string
	signature   string
	signedValue string
	seal        string
	references  []reference
}

func openArchive(path string) (*archive, error) {
	reader, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	a := &archive{files: map[string][]byte{}}
	for _, file := range reader.File {
		opened, err := file.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		a.files[file.Name] = content
	}
	return a, a.findSeal()
}

// name of a file in the package; the places in the files are all from its root.
func name(place string) string {
	return strings.TrimPrefix(strings.TrimSpace(place), "/")
}

func (a *archive) findSeal() error {
	var document struct {
		Signatures string `xml:"DocBody>Signatures"`
	}
	if err := a.read("OFD.xml", &document); err != nil {
		return err
	}
	a.signatures = name(document.Signatures)
	var list struct {
		Signatures []struct {
			Type  string `xml:"Type,attr"`
			Place string `xml:"BaseLoc,attr"`
		} `xml:"Signature"`
	}
	if err := a.read(a.signatures, &list); err != nil {
		return err
	}
	if len(list.Signatures) != 1 || list.Signatures[0].Type != "Seal" {
		return errors.New("not one seal")
	}
	a.signature = name(list.Signatures[0].Place)
	var signature struct {
		References struct {
			Method string      `xml:"CheckMethod,attr"`
			All    []reference `xml:"Reference"`
		} `xml:"SignedInfo>References"`
		Method string `xml:"SignedInfo>SignatureMethod"`
		Seal   string `xml:"SignedInfo>Seal>BaseLoc"`
		Value  string `xml:"SignedValue"`
	}
	if err := a.read(a.signature, &signature); err != nil {
		return err
	}
	if signature.References.Method != digestSM3 || signature.Method != sm2WithSM3.String() {
		return errors.New("not the methods SM3 and SM2 with SM3")
	}
	a.seal, a.signedValue, a.references = name(signature.Seal), name(signature.Value), signature.References.All
	return nil
}

func (a *archive) read(name string, into any) error {
	content, there := a.files[name]
	if !there {
		return fmt.Errorf("no %s", name)
	}
	if err := xml.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// checkReferences: each file has its digest, and none stands beside those that are signed but the three that make the seal.
func (a *archive) checkReferences() error {
	covered := map[string]bool{a.signatures: true, a.signature: true, a.signedValue: true}
	for _, one := range a.references {
		wanted, err := base64.StdEncoding.DecodeString(one.Value)
		if err != nil {
			return err
		}
		digest := sm3.Sum(a.files[name(one.File)])
		if !bytes.Equal(digest[:], wanted) {
			return fmt.Errorf("%s was changed", one.File)
		}
		covered[name(one.File)] = true
	}
	for file := range a.files {
		if !covered[file] {
			return fmt.Errorf("%s is not covered", file)
		}
	}
	return nil
}
