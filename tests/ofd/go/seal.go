package main

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"
)

var sm2WithSM3 = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 501}

// sesSignature is SES_Signature, of SignedValue.dat.
type sesSignature struct {
	ToSign      toSign
	Certificate []byte
	Algorithm   asn1.ObjectIdentifier
	Value       asn1.BitString
	TimeStamp   asn1.BitString `asn1:"optional,explicit,tag:0"`
}

// toSign is TBS_Sign: what the holder of the seal signs.
type toSign struct {
	Raw          asn1.RawContent
	Version      int
	Seal         sesSeal
	At           time.Time `asn1:"generalized"`
	DataHash     asn1.BitString
	PropertyInfo string `asn1:"ia5"`
}

// sesSeal is SESeal: the seal, signed by its maker.
type sesSeal struct {
	Raw         asn1.RawContent
	Info        sealInfo
	Certificate []byte
	Algorithm   asn1.ObjectIdentifier
	Value       asn1.BitString
}

type sealInfo struct {
	Raw      asn1.RawContent
	Header   sealHeader
	ID       string `asn1:"ia5"`
	Property sealProperty
	Picture  sealPicture
}

type sealHeader struct {
	ID      string `asn1:"ia5"`
	Version int
	Vendor  string `asn1:"ia5"`
}

type sealProperty struct {
	Type         int
	Name         string `asn1:"utf8"`
	ListType     int
	Certificates [][]byte
	CreatedAt    time.Time `asn1:"generalized"`
	ValidFrom    time.Time `asn1:"generalized"`
	ValidUntil   time.Time `asn1:"generalized"`
}

type sealPicture struct {
	Type   string `asn1:"ia5"`
	Data   []byte
	Width  int
	Height int
}

func parseSignature(der []byte) (*sesSignature, error) {
	var signature sesSignature
	rest, err := asn1.Unmarshal(der, &signature)
	if err != nil {
		return nil, fmt.Errorf("SignedValue.dat: %w", err)
	}
	header := signature.ToSign.Seal.Info.Header
	if len(rest) > 0 || signature.ToSign.Version != 4 || header.Version != 4 || header.ID != "ES" {
		return nil, errors.New("SignedValue.dat is no signature of SES version 4")
	}
	return &signature, nil
}

// mayBeUsed says whether the seal names this signer and was valid then.
func (s *sesSeal) mayBeUsed(signer []byte, at time.Time) error {
	property := s.Info.Property
	if at.Before(property.ValidFrom) || at.After(property.ValidUntil) {
		return errors.New("the seal was not valid when it was used")
	}
	for _, listed := range property.Certificates {
		if bytes.Equal(listed, signer) {
			return nil
		}
	}
	return errors.New("the seal does not name its signer")
}
