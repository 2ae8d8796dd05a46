package main

import "tavolo/ingest/contract"

// contractReport is a contract in the JSON that contract prints.
type contractReport struct {
	Log         string         `json:"log"`
	Title       textReport     `json:"title"`
	Description textReport     `json:"description"`
	Grain       textReport     `json:"grain"`
	Key         []string       `json:"key"`
	Month       string         `json:"month"`
	Columns     []columnReport `json:"columns"`
	Rules       []ruleReport   `json:"rules"`
}

type textReport struct {
	IT string `json:"it"`
	EN string `json:"en"`
}

type columnReport struct {
	Name       string            `json:"name"`
	Type       contract.Type     `json:"type"`
	Title      textReport        `json:"title"`
	Doc        textReport        `json:"doc"`
	Required   bool              `json:"required"`
	Values     []string          `json:"values,omitempty"`
	Aliases    map[string]string `json:"aliases,omitempty"`
	Min        *int64            `json:"min,omitempty"`
	Max        *int64            `json:"max,omitempty"`
	MaxLength  int               `json:"max_length,omitempty"`
	References string            `json:"references,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Severity   contract.Severity `json:"severity,omitempty"`
}

type ruleReport struct {
	Rule     string              `json:"rule"`
	Column   string              `json:"column"`
	Other    string              `json:"other,omitempty"`
	When     map[string][]string `json:"when,omitempty"`
	Unless   string              `json:"unless,omitempty"`
	Severity contract.Severity   `json:"severity,omitempty"`
	Doc      textReport          `json:"doc"`
}

func reportOfContract(c *contract.Contract) contractReport {
	report := contractReport{
		Log: c.Log, Title: textReport(c.Title), Description: textReport(c.Description), Grain: textReport(c.Grain),
		Key: c.Key, Month: c.Month, Columns: []columnReport{}, Rules: []ruleReport{},
	}
	for _, column := range c.Columns {
		report.Columns = append(report.Columns, columnReport{
			Name: column.Name, Type: column.Type, Title: textReport(column.Title), Doc: textReport(column.Doc),
			Required: column.Required, Values: column.Values, Aliases: column.Aliases, Min: column.Min, Max: column.Max,
			MaxLength: column.MaxLength, References: column.References, Kind: column.Kind, Severity: column.Severity,
		})
	}
	for _, rule := range c.Rules {
		report.Rules = append(report.Rules, ruleReport{
			Rule: rule.Rule, Column: rule.Column, Other: rule.Other, When: rule.When, Unless: rule.Unless,
			Severity: rule.Severity, Doc: textReport(rule.Doc),
		})
	}
	return report
}
