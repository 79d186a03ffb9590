"""What the platform is told of a file that is not proven, to the byte: its programs may compare these texts."""

from django.utils import translation

from guarantees.letter.signature.fault_texts import FAULT_TEXTS
from guarantees.letter.signature.faults import Fault
from guarantees.verification.origin import OriginDoubt

WIRE = {
    Fault.NO_PDF: "文件不是PDF，或已损坏、不完整",
    Fault.ENCRYPTED: "文件已加密，无法核验签名",
    Fault.UNSIGNED: "文件中没有电子签名",
    Fault.NOT_WHOLE: "电子签名没有覆盖整个文件：签名之后文件被追加或截去了内容",
    Fault.MALFORMED: "电子签名或文件结构已损坏或被改动，无法核验",
    Fault.CHANGED: "文件内容在签名之后被改动",
    Fault.FORGED: "电子签名与签名证书不符",
    Fault.UNTIMED: "电子签名没有写明签名时间",
    Fault.UNTRUSTED: "签名证书不能追溯到受信任的根证书",
    Fault.OUT_OF_DATE: "签名时签名证书不在有效期内",
    Fault.REVOKED: "签名时签名证书已被吊销",
    Fault.UNFIT: "签名证书未通过核验（不得用于签名，或证书链不合规）",
    Fault.UNSTAMPED: "时间戳无效，或者其证书不能追溯到受信任的根证书",
    Fault.MISTIMED: "签名所载时间与时间戳相差过大",
    Fault.TOO_COMPLICATED: "文件结构过于复杂，无法核验",
    Fault.UNAVAILABLE: "目前无法核验该文件的签名，请稍后重试",
    OriginDoubt.SIGNED_BY_US: "文件由本机构签名，但不是本机构出具的保函文件",
    OriginDoubt.SIGNED_BY_ANOTHER: "文件由其他单位签名，并非本机构签名",
    OriginDoubt.NOT_ISSUED: "该文件不是本机构签发的保函文件",
    OriginDoubt.NOT_UNDER_THIS_NUMBER: "该文件不是本机构以该编号签发的保函文件",
}


def english(reason: Fault | OriginDoubt) -> str:
    """What the pages say of it in English."""
    with translation.override("en"):
        return str(reason.label if isinstance(reason, OriginDoubt) else FAULT_TEXTS[reason])
