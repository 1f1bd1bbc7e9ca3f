package privacy

import "strings"

// Basis is why the law lets personal data be kept for a purpose, in the words of the GraphQL schema (GDPR, article 6).
type Basis string

// The bases.
const (
	LegitimateInterest Basis = "LEGITIMATE_INTEREST"
	LegalObligation    Basis = "LEGAL_OBLIGATION"
	ByConsent          Basis = "CONSENT"
)

// Purpose is what personal data are kept for.
type Purpose struct {
	// Code names the purpose in entries and consents.
	Code  string
	Basis Basis
	// Version names the text that explains it, which consents refer to.
	Version string
	// Statement is the operator's own, or the programs', one a line; nil where none was made.
	Statement *string
}

// The purposes for which keytrail keeps something of people.
const (
	PurposeCustody  = "key_custody"
	PurposeSecurity = "sign_in_security"
	PurposeAudit    = "activity_audit"
	PurposeHours    = "work_hours"
	PurposeContact  = "contact_details"
	PurposeAccount  = "accountability"
)

// purposes is the record of what is kept for what. Working hours are kept only where the operator said why.
func (s *Service) purposes() []Purpose {
	all := []Purpose{
		{Code: PurposeCustody, Basis: LegitimateInterest, Version: "1"},
		{Code: PurposeSecurity, Basis: LegitimateInterest, Version: "1"},
		{Code: PurposeAudit, Basis: LegitimateInterest, Version: "1", Statement: s.programsSay()},
		{Code: PurposeAccount, Basis: LegalObligation, Version: "1"},
		{Code: PurposeContact, Basis: ByConsent, Version: "1"},
	}
	if said := s.Work.Purpose(); said != "" {
		all = append(all, Purpose{Code: PurposeHours, Basis: LegitimateInterest, Version: "1", Statement: &said})
	}
	return all
}

// programsSay gives what programs say that their records are for, one a line; nil when none does.
func (s *Service) programsSay() *string {
	if s.Programs == nil {
		return nil
	}
	said := strings.Join(s.Programs(), "\n")
	if said == "" {
		return nil
	}
	return &said
}
