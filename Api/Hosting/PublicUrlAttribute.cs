using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Hosting;

/// <summary>An option that is empty, or the address by which browsers reach the service.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PublicUrlAttribute() : ValidationAttribute(
    "(STREAMS_PUBLIC_URL) must be an address like https://media.example.com/streams: http or https, a host, a port if it is not the usual one, and a path of "
    + "letters, digits and - . _ ~ if there is one; no user, query or fragment.")
{
    public override bool IsValid(object? value) => value is string text && (text.Length == 0 || PublicAddress.IsAddress(text));
}
