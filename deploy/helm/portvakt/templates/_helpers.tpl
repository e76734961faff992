{{- define "portvakt.name" -}}
{{ printf "%s-portvakt" .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "portvakt.labels" -}}
app.kubernetes.io/name: portvakt
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
