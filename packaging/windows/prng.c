/* Lets programs made with Go start under Wine 8, whose bcryptprimitives.dll
   lacks the one function that Go takes from it. Only for trying the package;
   Windows, and Wine from 9 on, have it themselves. */
#include <windows.h>
#include <ntsecapi.h> /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return RtlGenRandom(data, (ULONG)length);
}
