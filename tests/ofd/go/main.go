// Judges a sealed OFD with the code of others only: Go's ASN.1, ZIP and XML, and github.com/emmansun/gmsm for SM2, SM3
// and certificates. Structures are those of GB/T 38540-2020, SES version 4.
//
//	go run . <trust.json> <instant, RFC 3339> <file.ofd>
//
// Prints what was judged, as JSON; or says what is wrong and ends with 1.
package main

import (
	"bytes"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

// judged tells what was found right, so that the caller sees that there was something to judge.
type judged struct {
	Files    int    `json:"files"`
	Signer   string `json:"signer"`
	Maker    string `json:"maker"`
	Seal     string `json:"seal"`
	SealedAt string `json:"sealed_at"`
}

func judge(trusted *smx509.CertPool, at time.Time, file string) (*judged, error) {
	archive, err := openArchive(file)
	if err != nil {
		return nil, err
	}
	if err := archive.checkReferences(); err != nil {
		return nil, err
	}
	signature, err := parseSignature(archive.files[archive.signedValue])
	if err != nil {
		return nil, err
	}
	digest := sm3.Sum(archive.files[archive.signature])
	if !bytes.Equal(signature.ToSign.DataHash.RightAlign(), digest[:]) {
		return nil, errors.New("the seal signs another Signature.xml")
	}
	if strings.TrimPrefix(signature.ToSign.PropertyInfo, "/") != archive.signature {
		return nil, fmt.Errorf("the seal signs %s", signature.ToSign.PropertyInfo)
	}
	if !bytes.Equal(signature.ToSign.Seal.Raw, archive.files[archive.seal]) {
		return nil, errors.New("the seal in the package is not the one that signs")
	}
	signer, err := verified(trusted, at, "signature", signature.ToSign.Raw, signature.Certificate, signature.Algorithm, signature.Value)
	if err != nil {
		return nil, err
	}
	seal := signature.ToSign.Seal
	maker, err := verified(trusted, at, "seal", seal.Info.Raw, seal.Certificate, seal.Algorithm, seal.Value)
	if err != nil {
		return nil, err
	}
	if err := seal.mayBeUsed(signature.Certificate, signature.ToSign.At); err != nil {
		return nil, err
	}
	return &judged{
		Files:    len(archive.references),
		Signer:   signer.Subject.CommonName,
		Maker:    maker.Subject.CommonName,
		Seal:     seal.Info.Property.Name,
		SealedAt: signature.ToSign.At.UTC().Format(time.RFC3339),
	}, nil
}

// verified gives the certificate, if it leads to a trusted root and its key made `value` over `message`. `what` names it in errors.
func verified(trusted *smx509.CertPool, at time.Time, what string, message, der []byte, algorithm asn1.ObjectIdentifier, value asn1.BitString) (*smx509.Certificate, error) {
	if !algorithm.Equal(sm2WithSM3) {
		return nil, fmt.Errorf("%s: signed by %s, not SM2 with SM3", what, algorithm)
	}
	certificate, err := smx509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if err := certificate.CheckSignature(smx509.SM2WithSM3, message, value.RightAlign()); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if !sm2.IsSM2PublicKey(certificate.PublicKey) {
		return nil, fmt.Errorf("%s: the key is not on the curve of SM2", what)
	}
	usages := []smx509.ExtKeyUsage{smx509.ExtKeyUsageAny}
	if _, err := certificate.Verify(smx509.VerifyOptions{Roots: trusted, CurrentTime: at, KeyUsages: usages}); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return certificate, nil
}

func rootsOf(path string) (*smx509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var trust struct {
		SealRoots [][]byte `json:"seal_roots"`
	}
	if err := json.Unmarshal(text, &trust); err != nil {
		return nil, err
	}
	roots := smx509.NewCertPool()
	for _, der := range trust.SealRoots {
		root, err := smx509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		roots.AddCert(root)
	}
	return roots, nil
}

func run(arguments []string) error {
	if len(arguments) != 3 {
		return errors.New("arguments: trust.json, an instant, a file")
	}
	trusted, err := rootsOf(arguments[0])
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, arguments[1])
	if err != nil {
		return err
	}
	found, err := judge(trusted, at, arguments[2])
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
