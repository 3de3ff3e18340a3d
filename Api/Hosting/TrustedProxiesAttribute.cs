using System.ComponentModel.DataAnnotations;
using Streams.Api.Logging;

namespace Streams.Api.Hosting;

/// <summary>An option that is a list of addresses and networks.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TrustedProxiesAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        TrustedProxies.Parse((string?)value ?? "").Wrong is { Count: > 0 } wrong
            ? new ValidationResult(
                $"(STREAMS_TRUSTED_PROXIES) has {string.Join(", ", wrong.Select(static entry => $"'{LogText.Of(entry)}'"))}, which is neither an IP address nor a network: "
                + "write them like 10.0.0.7, 10.0.0.0/8, ::1 or fd00::/8, separated by commas, without names, ports or brackets.",
                [validationContext.MemberName!])
            : ValidationResult.Success;
}
