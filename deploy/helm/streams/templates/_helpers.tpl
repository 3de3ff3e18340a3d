{{- define "streams.name" -}}
{{- if eq .Release.Name "streams" }}streams{{ else }}{{ printf "%s-streams" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "streams.selector" -}}
app.kubernetes.io/name: streams
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "streams.labels" -}}
{{ include "streams.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "streams.secret" -}}
{{ .Values.secrets.existing | default (printf "%s-secrets" (include "streams.name" .)) }}
{{- end }}

{{/* An environment variable out of the Secret: (list root name key optional). */}}
{{- define "streams.secretEnv" -}}
{{- $root := index . 0 -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      name: {{ include "streams.secret" $root }}
      key: {{ index . 2 }}
      {{- if index . 3 }}
      optional: true
      {{- end }}
{{- end }}

{{/* Without root, without capabilities, without a way to either; what is written goes to volumes in memory or on the machine. */}}
{{- define "streams.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "streams.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "streams.spread" -}}
{{- $root := index . 0 -}}
{{- range $i, $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
{{- if $i }}{{ "\n" }}{{ end -}}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "streams.selector" $root | nindent 6 }}
      app.kubernetes.io/component: {{ index $ 1 }}
{{- end }}
{{- end }}
