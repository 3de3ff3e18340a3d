using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Streams.Api.Configuration;

/// <summary>An option that is an IP address, not a host name: what a socket is bound to must not depend on a name server.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IpAddressAttribute() : ValidationAttribute("must be an IP address, for example 127.0.0.1 or 0.0.0.0.")
{
    public override bool IsValid(object? value) => value is string text && IPAddress.TryParse(text, out _);
}
