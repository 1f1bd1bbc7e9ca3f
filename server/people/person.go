// Package people keeps the directory of persons and departments. What is personal is sealed in the database,
// each person's under a key of his own; every server holds the directory decrypted in memory and follows changes.
package people

import (
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// Person is somebody who may hold keys, act, or be at work. He needs no account. A Person is never changed in
// place: a change makes a new one.
type Person struct {
	ID id.ID
	// Department is zero for a person without one.
	Department     id.ID
	Name           string
	EmployeeNumber string
	Email          string
	Phone          string
	Company        string
	Badge          string
	// ExternalNames are what other programs call him, by source and name.
	ExternalNames []ExternalName
	// Language of messages to him: en or lv.
	Language string
	// ValidUntil is the last day on which he belongs here, "" when that is open.
	ValidUntil Date
	// Version grows by one with each change.
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
	// MergedInto is the person who this one turned out to be, zero for whoever stands for himself. Only Merge makes it.
	MergedInto id.ID
	// Erased is set when his key was destroyed: nothing personal can be read any more.
	Erased bool
}

// ExternalName is what a program calls a person: a Windows account (DOMAIN\user), or a user's id in an application.
type ExternalName struct {
	// Source is the program that uses the name, in lower case, as its tokens and entries name it.
	Source string `json:"source"`
	// Name is compared without regard to case.
	Name string `json:"name"`
}

// Department is a part of the organisation. Its name is not personal.
type Department struct {
	ID   id.ID
	Name string
}

// Date is a calendar day as YYYY-MM-DD (RFC 3339 full-date). Dates compare as strings; "" is none.
type Date string

// ParseDate reads YYYY-MM-DD of the years 1970 to 9999; "" is none.
func ParseDate(text string) (Date, error) {
	if text == "" {
		return "", nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1970 {
		return "", fault.New(fault.BadInput, "%.40q is not a date: write it as YYYY-MM-DD", text)
	}
	return Date(text), nil
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == "" }

// CreateInput is a new person. Texts that are "" are absent.
type CreateInput struct {
	Name string
	// Department is the name of one; it is made when it is new.
	Department     string
	EmployeeNumber string
	Email          string
	Phone          string
	Company        string
	Badge          string
	ExternalNames  []ExternalName
	// Language is en or lv; "" means en.
	Language       string
	ValidUntil     Date
	IdempotencyKey string
}

// UpdateInput changes a person. nil fields stay; pointers to "" empty a field.
type UpdateInput struct {
	ID             id.ID
	Name           *string
	Department     *string
	EmployeeNumber *string
	Email          *string
	Phone          *string
	Company        *string
	Badge          *string
	// ExternalNames takes the place of all that he had; nil leaves them.
	ExternalNames *[]ExternalName
	Language      *string
	ValidUntil    *Date
	// Version is the one that the caller saw; CONFLICT when the person was changed since. nil does not check.
	Version        *int
	IdempotencyKey string
}
